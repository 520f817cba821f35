"""Changes of the schema, numbered, run by the owner of the tables; and what the application role may touch."""
