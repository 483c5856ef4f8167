-- Which pgmq is there: the version of the extension, whether its installer has brought any, and
-- whether there is one at all.
select
    (select extversion from pg_catalog.pg_extension where extname = 'pgmq'),
    to_regclass('pgmq.__pgmq_migrations') is not null,
    to_regclass('pgmq.meta') is not null
