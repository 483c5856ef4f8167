// Verifies a webhook of ours as a service in Node does, and signs some as others do. A line of JSON is what was
// seen and what was signed.
import { sign, verify } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";

const { headers, body, secret, hub } = JSON.parse(process.env.TAKEN);
const { id, payload, github, stripe, standard } = JSON.parse(process.env.TO_SIGN);

function seen(verified) {
  try {
    return verified();
  } catch (error) {
    return error.name ?? error.constructor.name;
  }
}

const webhook = new Webhook(secret);
const now = new Date();
console.log(JSON.stringify({
  seen: {
    verified: seen(() => webhook.verify(body, headers)),
    tampered: seen(() => {
      webhook.verify(body + " ", headers);
      return "verified";
    }),
    hub: await verify(hub, body, headers["x-hub-signature-256"]),
    hub_tampered: await verify(hub, body + " ", headers["x-hub-signature-256"]),
  },
  signed: {
    github: { "x-hub-signature-256": await sign(github, payload), "x-github-delivery": id },
    stripe: {
      "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload, secret: stripe }),
    },
    standard: {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(standard).sign(id, now, payload),
    },
  },
}));
