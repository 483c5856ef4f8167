import { App, Stack } from "aws-cdk-lib";
import * as elasticache from "aws-cdk-lib/aws-elasticache";

const stack = new Stack(new App(), "shop");
new elasticache.CfnReplicationGroup(stack, "Redis", { replicationGroupDescription: "shop", engine: "redis" });
