"""Colours, sizes, fonts and icons: the only place that names them."""
