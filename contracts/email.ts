import * as z from 'zod';

/** What mail servers take before the @, as words of these joined by single dots: `r&d`, `a/b` and `on+call` among them. */
const ATOM = "[\\w!#$%&'*+/=?^`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+[A-Za-z]{2,63}$`);

/** The longest that SMTP carries. */
const LONGEST = 254;

/** An e-mail address as people have them: no quoted names, no comments, no address of a machine. */
export const emailSchema = z.string({ error: 'email must be text' }).refine((text) => text.length <= LONGEST && ADDRESS.test(text), {
  error: (issue) => `email ${JSON.stringify(issue.input)} is not an e-mail address such as on-call@example.com`,
});
