"""Plain values in, Block Kit out: one file per message or modal. Nothing here does I/O."""
