/** How this program names itself to the server. Moves with package.json's version. */
export const SOFTWARE = "polling-station 0.1.0";
