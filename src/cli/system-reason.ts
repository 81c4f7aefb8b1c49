/** "permission denied", where Node's message is "EACCES: permission denied, access '/etc/x'". */
export const reasonOf = ({ message }: Pick<Error, 'message'>): string =>
  message.replace(/^[A-Z0-9]+: |, \w+( '.*)?$/g, '');
