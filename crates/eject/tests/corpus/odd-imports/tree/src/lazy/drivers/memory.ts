export const open = () => new Map();
