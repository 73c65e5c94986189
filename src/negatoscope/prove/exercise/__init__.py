"""The result sheet of a crisis exercise."""
