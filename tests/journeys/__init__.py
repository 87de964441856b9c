"""Stories through the real pages: what people do, what they see, what they are told."""
