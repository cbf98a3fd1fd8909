"""Everything that is kept: schema, migrations, encrypted columns, repositories."""
