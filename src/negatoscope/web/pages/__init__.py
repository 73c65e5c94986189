"""Pages, a file a room: read a query or call one flow, then show."""
