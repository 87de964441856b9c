"""notices: promise to be written by its builder."""
