"""The console speaks up: by which ways alerts reach people, and how one message goes out."""
