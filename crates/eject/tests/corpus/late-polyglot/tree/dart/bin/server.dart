import 'dart:io';

import 'package:redis/redis.dart';
import 'package:shelf/shelf.dart';

Future<void> main() async {
  final command = await RedisConnection().connect(Platform.environment['REDIS_HOST'] ?? 'localhost', 6379);
  await command.send_object(['SET', 'started', DateTime.now().toString()]);
  Response.ok('Redis is there');
}
