import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";

const subnets = new aws.elasticache.SubnetGroup("cache", { subnetIds: ["subnet-1", "subnet-2"] });

const cache = new aws.elasticache.ReplicationGroup("cache", {
  description: "Queues",
  engine: "valkey",
  nodeType: "cache.t4g.small",
  subnetGroupName: subnets.name,
});

const instance = new gcp.redis.Instance("reports", { memorySizeGb: 1, region: "europe-west1" });

const bucket = new aws.s3.BucketV2("reports");

export const bucketName = bucket.id;
export const endpoints = [cache.primaryEndpointAddress, instance.host];
