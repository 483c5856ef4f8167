/** Red island: the design system's button in the colour of its name. */
export const Button = (label: string) => `<button class="redis-ui">${label}</button>`;
