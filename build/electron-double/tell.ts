/** What happens in the double, told to whoever forked it. */
export const tell = (message: object): void => void process.send?.(message);
