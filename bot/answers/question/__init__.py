"""The use case "answer a question": its rows, its list, its CSV."""
