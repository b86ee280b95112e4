import { nameOfUrn, typeOfUrn, urnOfProvider } from '../../sandbox/urn';

const URN = 'urn:pulumi:s::regional::fleet:regional:Queues$aws:sqs/queue:Queue::orders';

test('a URN tells the type and the name of its resource, and a reference to a provider its URN', () => {
  expect([typeOfUrn(URN), nameOfUrn(URN)]).toEqual(['aws:sqs/queue:Queue', 'orders']);
  expect([typeOfUrn('urn:pulumi:s::p::a:b:C::x::y'), nameOfUrn('urn:pulumi:s::p::a:b:C::x::y')]).toEqual(['a:b:C', 'x::y']);
  expect(urnOfProvider(`${URN}::1234-5678`)).toBe(URN);
  expect([typeOfUrn('none'), nameOfUrn('none')]).toEqual(['', '']);
});
