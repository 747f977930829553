"""Where things are: postcodes to points, outlines of a borough and its areas, which area holds a point."""
