import { gql, type TypedDocumentNode } from '@apollo/client';
import type { Widget } from '../widgets.ts';

/** All of a widget. */
export const widgetQuery: TypedDocumentNode<{ widget: Widget }, { id: number }> = gql`
  query Widget($id: Int!) {
    widget(id: $id) {
      id
      title
      unit
      updatedAt
      points {
        at
        value
      }
    }
  }
`;
