-- The time.
select now()
