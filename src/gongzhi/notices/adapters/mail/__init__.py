"""Mail. `smtp` speaks to the server named by GONGZHI_SMTP_*; `fake` writes to the outbox and warns."""
