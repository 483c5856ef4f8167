PARAMS = {"socket_timeout": 30, "retry_on_timeout": True}
