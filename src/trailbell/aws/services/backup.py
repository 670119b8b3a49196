"""Backup: `backup.amazonaws.com`."""

from trailbell.aws.service import Service

SERVICE = Service(
    source="backup",
    name="Backup",
    members={
        "AWS::Backup::BackupVault": "backupvaultname",
        "AWS::Backup::BackupPlan": "backupplanid",
    },
    arn_types={
        "backup-vault": "AWS::Backup::BackupVault",
        "backup-plan": "AWS::Backup::BackupPlan",
    },
    sentences={
        "DeleteBackupVault": "delete backup vault {backupVaultName}",
        "DeleteRecoveryPoint": "delete recovery point {#recoveryPointArn} of backup vault {backupVaultName}",
    },
)
