"""The drawing of the network laid out and taken away: places that stay put, SVG, workbook, paper."""
