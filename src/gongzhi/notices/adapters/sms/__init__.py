"""Text messages. A real gateway is a module here with `gateway()`; `fake` writes to the outbox and warns."""
