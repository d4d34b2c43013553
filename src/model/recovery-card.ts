/** The name of the card of a recovery that no fault asked for: it says who wants what, who must agree, and how it goes. */
export const recoveryCard = 'recovery';
