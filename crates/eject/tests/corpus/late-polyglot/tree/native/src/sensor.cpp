#include <cstdlib>
#include <string>

#include <hiredis/hiredis.h>
#include <sw/redis++/redis++.h>

extern "C" void ring_push(int value);

int main() {
  sw::redis::Redis redis(std::getenv("REDIS_URI"));
  redis.lpush("readings", std::to_string(21));
  ring_push(21);
}
