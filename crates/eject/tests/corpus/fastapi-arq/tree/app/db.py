pool = "postgres"
