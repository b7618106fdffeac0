import { Alert, List } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type Complaint, complaintLine } from './editor-problems.ts'

/** What is wrong with a part of a report, at that part. */
export function ComplaintList({ complaints }: { complaints: readonly Complaint[] }) {
  if (complaints.length === 0) return null
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} p="xs">
      <List size="sm" listStyleType="none" style={{ overflowWrap: 'anywhere' }}>
        {complaints.map((complaint) => (
          <List.Item key={`${complaint.at} ${complaint.says}`}>{complaintLine(complaint)}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
