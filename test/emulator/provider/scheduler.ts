import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';

import type { Properties } from '../../../sandbox/resource-type';

import type { AwsType } from './aws-type';
import { fromAws, orGone, pick, toAws } from './wording';

const TOLD = [
  'description',
  'flexibleTimeWindow',
  'groupName',
  'name',
  'scheduleExpression',
  'scheduleExpressionTimezone',
  'state',
  'target',
];

/** Id: `group/name`. */
export const schedule: AwsType = {
  type: 'aws:scheduler/schedule:Schedule',
  async create({ inputs }, { clients: { scheduler } }) {
    await scheduler.send(new CreateScheduleCommand(toAws<CreateScheduleCommandInput>(pick(inputs, TOLD))));
    return `${String(inputs.groupName)}/${String(inputs.name)}`;
  },
  async update({ inputs }, { clients: { scheduler } }) {
    await scheduler.send(new UpdateScheduleCommand(toAws<CreateScheduleCommandInput>(pick(inputs, TOLD))));
  },
  async read({ id }, { clients: { scheduler } }) {
    const answer = await orGone(scheduler.send(new GetScheduleCommand(named(id))));
    if (!answer) return undefined;
    const told = fromAws(answer) as Properties;
    return { ...pick(told, TOLD), arn: answer.Arn };
  },
  async delete({ id }, { clients: { scheduler } }) {
    await orGone(scheduler.send(new DeleteScheduleCommand(named(id))));
  },
};

function named(id: string): { readonly GroupName: string; readonly Name: string } {
  const [GroupName = '', Name = ''] = id.split('/');
  return { GroupName, Name };
}
