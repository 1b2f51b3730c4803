import { type Operation, text } from './protocol.ts';

export const getWorkGroup: Operation = {
  members: ['WorkGroup'],
  run({ input, request, workGroups }) {
    const name = text(input, 'WorkGroup');
    request.authorize('athena:GetWorkGroup', workGroups.arn(name));
    const { enabled, description, output, enforced, scanLimitBytes, created } = workGroups.get(name);
    return {
      WorkGroup: {
        Name: name,
        State: enabled ? 'ENABLED' : 'DISABLED',
        ...(description !== undefined && { Description: description }),
        CreationTime: created / 1000,
        Configuration: {
          ResultConfiguration: output === undefined ? {} : { OutputLocation: output },
          EnforceWorkGroupConfiguration: enforced,
          PublishCloudWatchMetricsEnabled: false,
          ...(scanLimitBytes !== undefined && { BytesScannedCutoffPerQuery: scanLimitBytes }),
          EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
        },
      },
    };
  },
};
