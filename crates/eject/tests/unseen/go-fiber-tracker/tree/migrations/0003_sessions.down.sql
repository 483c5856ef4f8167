DROP TABLE rate_limits;
DROP TABLE driving_sessions;
