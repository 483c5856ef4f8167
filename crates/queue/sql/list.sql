-- Lists the queues that pgstead knows.
select name, created_at, paused_at from pgstead.queues order by name
