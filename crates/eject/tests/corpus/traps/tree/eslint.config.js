export default [
  {
    rules: {
      "no-restricted-imports": ["error", { patterns: ["bullmq", "@redis/*"] }],
    },
  },
];
