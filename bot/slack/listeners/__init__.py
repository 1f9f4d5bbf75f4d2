"""What Bolt calls: one registration function a file. The global middleware has recorded requests already."""
