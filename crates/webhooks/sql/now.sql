-- The time.
select clock_timestamp() as now
