/** The operations of CloudFormation on templates: that of a stack or change set, and what one says of itself. */
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError } from '../service.ts';
import { arnOf, type CloudFormation, GIVEN, stackNamed, targetOf } from './stack-input.ts';
import { readTemplate } from './template.ts';

const operation = operationsOn<CloudFormation>();
const StackName = z.string().min(1).max(2048);
const ALL = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'];

export const TEMPLATE_OPERATIONS = {
  GetTemplate: operation(
    {
      StackName: StackName.optional(),
      ChangeSetName: z.string().optional(),
      TemplateStage: z.enum(['Original', 'Processed']).optional(),
    },
    arnOf,
    (input, { state }) => {
      const { store } = state.deployments;
      if (input.ChangeSetName === undefined) {
        return {
          TemplateBody: stackNamed(state, input.StackName ?? '').body,
          StagesAvailable: ['Original', 'Processed'],
        };
      }
      const stack = input.StackName === undefined ? undefined : store.find(input.StackName)?.id;
      const found = store.changeSet(input.ChangeSetName, stack);
      if (!found) throw new AwsError('ChangeSetNotFound', `ChangeSet [${input.ChangeSetName}] does not exist`, 404);
      return { TemplateBody: found.target.body, StagesAvailable: ['Original', 'Processed'] };
    },
  ),

  GetTemplateSummary: operation(
    { StackName: StackName.optional(), TemplateBody: GIVEN.TemplateBody, TemplateURL: GIVEN.TemplateURL },
    arnOf,
    async (input, { state }) => {
      const stack = input.StackName === undefined ? undefined : stackNamed(state, input.StackName);
      const { body } =
        stack ?? (await targetOf(state, { ...input, Parameters: [], Tags: [], Capabilities: ALL }, undefined, false));
      const template = readTemplate(body);
      return {
        Description: template.Description,
        Parameters: Object.entries(template.Parameters ?? {}).map(([ParameterKey, { Type, Default }]) => ({
          ParameterKey,
          ParameterType: Type,
          DefaultValue: Default,
        })),
        ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
      };
    },
  ),

  ValidateTemplate: operation(
    { TemplateBody: GIVEN.TemplateBody, TemplateURL: GIVEN.TemplateURL },
    '*',
    async (input, { state }) => {
      const given = { ...input, Parameters: [], Tags: [], Capabilities: ALL };
      const template = readTemplate((await targetOf(state, given, undefined, false)).body);
      const Parameters = Object.entries(template.Parameters ?? {}).map(([ParameterKey, { Default }]) => ({
        ParameterKey,
        DefaultValue: Default,
      }));
      return { Description: template.Description, Parameters };
    },
  ),
};
