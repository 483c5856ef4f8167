module.exports = [
  "strapi::logger",
  "strapi::errors",
  { name: "strapi::session", config: { rolling: true } },
  { name: "strapi::poweredBy", config: { poweredBy: "Strapi, without Redis" } },
];
