import { Stack, type StackProps } from "aws-cdk-lib";
import { aws_dynamodb as dynamodb, aws_ecs as ecs, aws_elasticache as elasticache, aws_sqs as sqs } from "aws-cdk-lib";
import { CfnCluster as MemoryDb } from "aws-cdk-lib/aws-memorydb";
import type { Construct } from "constructs";

export class DataStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const subnets = new elasticache.CfnSubnetGroup(this, "CacheSubnets", { description: "cache", subnetIds: ["subnet-1"] });
    const cache = new elasticache.CfnServerlessCache(this, "Cache", { engine: "redis", serverlessCacheName: "platform" });
    cache.addDependency(subnets);
    new MemoryDb(this, "Queue", { aclName: "open-access", clusterName: "queue", nodeType: "db.t4g.small" });
    new sqs.Queue(this, "DeadLetters");
    new dynamodb.TableV2(this, "Sessions", { partitionKey: { name: "id", type: dynamodb.AttributeType.STRING } });

    const task = new ecs.FargateTaskDefinition(this, "Api");
    task.addContainer("api", {
      image: ecs.ContainerImage.fromRegistry("platform/api"),
      environment: {
        REDIS_HOST: cache.attrEndpointAddress,
        STAGE: "production",
      },
    });
  }
}
