-- Copies what Redis held; applied.
insert into limits select * from redis_import;
