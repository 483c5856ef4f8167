#!/usr/bin/env perl
use strict;
use warnings;
use Redis::Fast;

my $redis = Redis::Fast->new(server => $ENV{REDIS_SERVER} // 'localhost:6379');
my %seen;
print "$_\n" for grep { !$seen{$_}++ } $redis->smembers('reports');
