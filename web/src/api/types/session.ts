// Shapes of the API: session.

export interface Account {
  id: string;
  name: string;
  display_name: string;
  roles: string[];
  level: string;
  organisation: { id: string; name: string };
  home: string;
}
export interface Session {
  account: Account;
  csrf: string;
  must_change_password?: boolean;
}
