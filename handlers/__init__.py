"""HTTP on one side, the domain on the other: one short function per operation."""
