import { awsDeadLetters } from './aws-dead-letters';
import { awsLetterClients, type AwsLetterClientsOptions } from './aws-letter-clients';
import type { DeadLetters } from './dead-letters';

/** Dead letters on AWS with the credentials of the environment. Nothing is asked before the first call. Loads the AWS SDK: import it late. */
export function openAwsDeadLetters(options: AwsLetterClientsOptions): DeadLetters {
  return awsDeadLetters(awsLetterClients(options));
}
