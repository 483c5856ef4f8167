-- The versions that pgmq's installer has brought.
select version from pgmq.__pgmq_migrations
