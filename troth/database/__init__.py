"""The database: connections and their threads, migrations, timeouts, and what its errors mean."""
