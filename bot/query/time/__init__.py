"""Time: what people call it, and the span they mean. See `constraint` for the semantics."""
