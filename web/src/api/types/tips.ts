// Shapes of the API: tip-offs: public pages, posters, sealed fields.
import type { Label } from './basics';
import type { RecordData } from './records';

export interface PublicMine {
  id: string;
  name: string;
}
export interface PublicChoice {
  code: string;
  label: Label;
}
export interface TipFormNeeds {
  mine: PublicMine | null;
  authorities: { id: string; name: string; level: string }[];
  matters: PublicChoice[];
  reporter_kinds: PublicChoice[];
  most_photos: number;
}
export interface TipReceipt {
  number: string;
  authority: string;
  code: string;
}
export interface TipMessage {
  from_reporter: boolean;
  text: string;
  at: string;
  read: boolean;
  photos: number;
}
export interface TipRewardView {
  state: string;
  label: Label | null;
  number: string;
  paid_on: string | null;
  amount: string | null;
}
export interface FollowedTip {
  number: string;
  state: string;
  label: Label | null;
  authority: string;
  received_at: string;
  about: string;
  reply: string | null;
  messages: TipMessage[];
  rewards: TipRewardView[];
  payout_way: string | null;
  may_write: boolean;
  may_claim: boolean;
  channels: { name: string; address: string }[];
}
export interface TipPoster {
  address: string;
  link: string;
  svg: string;
  mine: string | null;
  authority: string | null;
}
export interface Opening extends RecordData {
  until: string | null;
  open: boolean;
  may_look: boolean;
}
