import { emailSchema } from '../../contracts/email';

test.each([
  'on-call@example.com',
  'a/b@example.com',
  'r&d@example.com',
  'team+orders@mail.example.co.uk',
  "o'neil@example.com",
  'a=b/c&d+e@x.io',
  'first.last@sub-domain.example.com',
])('%s is an e-mail address', (address) => {
  expect(emailSchema.parse(address)).toBe(address);
});

test.each([
  'nobody',
  'a b@example.com',
  '<a>@example.com',
  'a@localhost',
  'a@-x.com',
  '.a@example.com',
  'a..b@example.com',
  'a@example.com\nb@example.com',
  `${'a'.repeat(250)}@x.io`,
])('%j is none, and is named', (text) => {
  expect(emailSchema.safeParse(text).error?.issues[0]?.message).toBe(
    `email ${JSON.stringify(text)} is not an e-mail address such as on-call@example.com`,
  );
});
